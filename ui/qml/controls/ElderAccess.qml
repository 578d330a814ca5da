import QtQuick
import QtQuick.Layouts
import Kiosk

// Say it again (or help, where there is no voice), and the staff call in green.
Item {
    id: root

    property int fontSize: 38

    signal helpPressed
    signal staffPressed

    implicitHeight: 120

    RowLayout {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: 28

        SecondButton {
            Layout.fillWidth: true
            Layout.preferredHeight: 120
            Layout.preferredWidth: 100
            blue: false
            fontSize: root.fontSize
            iconName: Speech.available ? "speaker" : "help"
            objectName: Speech.available ? "read" : "help"
            radius: Sizes.radiusMain
            strong: true
            text: Speech.available ? Words.t["access.again"] : Words.t["access.help"]

            onClicked: Speech.available ? Speech.read() : root.helpPressed()
        }
        MainButton {
            Layout.fillWidth: true
            Layout.preferredHeight: 120
            Layout.preferredWidth: 125
            arrow: false
            edge: 0
            fontSize: root.fontSize
            ground: Theme.success
            groundPressed: Qt.darker(Theme.success, 1.3)
            iconName: "staff"
            leftPadding: 20
            objectName: "staff"
            on: Theme.onSuccess
            rightPadding: 20
            text: Words.t["access.staff"]

            onClicked: root.staffPressed()
        }
    }
}
