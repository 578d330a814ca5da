import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// The attract page on a panel that lies: the picture to the left, what can be done to the right.
PageBase {
    id: root

    readonly property real panelX: root.width - 724

    Rectangle {
        anchors.fill: parent
        color: Theme.paper
    }
    Mountains {
        height: parent.height
        name: "mountains-wide"
        natural: 1920 / 1080
        width: Math.max(parent.width, parent.height * 16 / 9)
    }
    Rectangle {
        bottomLeftRadius: 48
        color: Theme.paper
        height: parent.height
        topLeftRadius: 48
        width: parent.width - x
        x: root.panelX
    }
    Pressable {
        Accessible.ignored: true
        anchors.fill: parent
        focusPolicy: Qt.NoFocus
        objectName: "anywhere"

        onClicked: Flow.begin()
    }
    StaffCorner {
        x: 60
        y: 52

        contentItem: BureauMark {}

        onTouched: Flow.begin()
    }
    AttractTitle {
        anchors.right: parent.right
        anchors.rightMargin: root.width - root.panelX + 40
        page: root.page
        width: implicitWidth
        y: Words.lang.startsWith("zh") ? 60 : 170
    }
    ColumnLayout {
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 44
        anchors.left: parent.left
        anchors.leftMargin: root.panelX + 60
        anchors.right: parent.right
        anchors.rightMargin: Sizes.marginLandscape
        anchors.top: parent.top
        anchors.topMargin: 44
        spacing: 0

        RowLayout {
            Layout.fillWidth: true

            Txt {
                font.pixelSize: 64
                leading: 1.2
                strong: true
                text: Moment.time
                wrapMode: Text.NoWrap
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: 28
                horizontalAlignment: Text.AlignRight
                text: Moment.date
            }
        }
        Item {
            Layout.fillHeight: true
        }
        RowLayout {
            Layout.bottomMargin: 16
            Layout.fillWidth: true

            Txt {
                font.pixelSize: 30
                strong: true
                text: Words.t["attract.now"]
                wrapMode: Text.NoWrap
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: 26
                horizontalAlignment: Text.AlignRight
                text: root.page.note
            }
        }
        NowStrip {
            Layout.fillWidth: true
            columns: 2
            marks: root.page.marks
            visible: root.page.marks.length > 0
        }
        Item {
            Layout.fillHeight: true
        }
        StartButton {
            Layout.bottomMargin: 44
            Layout.fillWidth: true
            objectName: "begin"

            onClicked: Flow.begin()
        }
        AttractKeys {
            Layout.fillWidth: true
        }
    }
}
